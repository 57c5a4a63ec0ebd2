/**
 * Sequence names: what a recorded sequence calls the objects and files it makes.
 *
 * A name keeps its number when its object goes; what the number means then is another matter.
 */
import type { IommufdObject } from '../../iommufd/objects.ts';
import type { OpenFile } from '../../iommufd/open-file.ts';

/** What a name that was never bound resolves to. */
const UNBOUND = 0xffff_ffff;

export type Appeared = readonly [name: string, id: number, reused: boolean];

export class SequenceNames {
  readonly #ids = new Map<string, number>();
  /** Objects alive, by id, with their names; as last looked at. */
  readonly #live = new Map<number, { readonly object: IommufdObject; readonly name: string }>();
  readonly #used = new Set<number>();
  readonly #files = new Map<string, OpenFile>();
  /** All of them: a name that is bound again leaves its file open. */
  readonly #opened: (readonly [name: string, file: OpenFile])[] = [];

  idOf(reference: number | string): number {
    return typeof reference === 'number' ? reference : (this.#ids.get(reference) ?? UNBOUND);
  }

  /** The name of the live object an id hits. */
  nameOf(id: number): string | null {
    return this.#live.get(id)?.name ?? null;
  }

  /** Takes in what is alive now, ascending by id; `out` names what the operation `op` made. */
  update(
    objects: readonly IommufdObject[],
    op: string,
    out: string | undefined,
  ): { readonly appeared: readonly Appeared[]; readonly gone: readonly string[] } {
    const now = new Map(objects.map((object) => [object.id, object]));
    const gone: string[] = [];
    for (const [id, { object, name }] of [...this.#live].sort(([a], [b]) => a - b)) {
      if (now.get(id) === object) continue;
      gone.push(name);
      this.#live.delete(id);
    }
    const appeared: Appeared[] = [];
    for (const object of objects) {
      const { id } = object;
      if (this.#live.has(id)) continue;
      const name = `${out ?? 'unnamed'}${suffixOf(object, op)}`;
      appeared.push([name, id, this.#used.has(id)]);
      this.#ids.set(name, id);
      this.#used.add(id);
      this.#live.set(id, { object, name });
    }
    return { appeared, gone };
  }

  bindFile(name: string, file: OpenFile): void {
    this.#files.set(name, file);
    this.#opened.push([name, file]);
  }

  file(reference: number | string): OpenFile | undefined {
    const file = typeof reference === 'string' ? this.#files.get(reference) : undefined;
    return file?.isOpen === true ? file : undefined;
  }

  /** Open files in the order they were made. */
  get files(): readonly (readonly [name: string, file: OpenFile])[] {
    return this.#opened.filter(([, file]) => file.isOpen);
  }
}

/** Objects that come in company of the one an operation is for have names of their own. */
function suffixOf({ kind }: IommufdObject, op: string): string {
  if (kind === 'selftest') return '.s';
  if (kind === 'access') return '.x';
  return kind === 'hwpt-paging' && op === 'mock_domain' ? '.h' : '';
}
