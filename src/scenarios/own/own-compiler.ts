/**
 * Own compiler: runs a user's module, TypeScript or not, and the files it imports, on every Node alike.
 *
 * Effects: reads files and runs them. Lines stay where they are, so an error's own stack says where it was.
 * Policy:  types are taken away, not checked. What is packed has both libraries in this one module, which
 *          scripts/compiler.config.ts makes.
 */
import { pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import { transform } from 'sucrase';

/** Modules that a user's file may import by name though nothing of that name is installed beside it. */
export type LentModules = Readonly<Record<string, unknown>>;

/** Text that is neither TypeScript nor JavaScript. */
export class NotCompiled extends Error {
  override readonly name = 'NotCompiled';
  readonly file: string;
  readonly line: number | undefined;

  constructor(file: string, line: number | undefined, message: string) {
    super(message);
    this.file = file;
    this.line = line;
  }
}

/**
 * What the module exports.
 *
 * @param path absolute
 * @throws NotCompiled, and whatever the module throws.
 */
export async function runOwnModule(path: string, lent: LentModules): Promise<object> {
  const jiti = createJiti(path, {
    fsCache: false,
    interopDefault: false,
    tryNative: false,
    virtualModules: { ...lent },
    transform: ({ source, filename = path, ts = false, async: mayWait = false }) => {
      const code = compiled(source, filename, ts);
      return { code: mayWait ? waiting(code) : code };
    },
  });
  return jiti.import<object>(path);
}

function compiled(source: string, file: string, isTypeScript: boolean): string {
  try {
    const { code } = transform(source, {
      transforms: isTypeScript ? ['typescript', 'imports'] : ['imports'],
      filePath: file,
      disableESTransforms: true,
      preserveDynamicImport: true,
    });
    return code.replaceAll('import.meta', metaOf(file));
  } catch (error) {
    throw notCompiled(error, file);
  }
}

/** Neighbours may wait before they have all their exports; jiti lends `jitiImport` to whoever may wait for them. */
const waiting = (code: string): string =>
  code
    .replaceAll(/\brequire\((['"]\.{0,2}\/[^'"]*['"])\)/g, 'await jitiImport($1)')
    .replaceAll(/\bimport\(/g, 'jitiImport(');

/** Commonplace members of `import.meta`, which only a module has. */
const metaOf = (file: string): string => {
  const url = JSON.stringify(pathToFileURL(file).href);
  return `({ url: ${url}, filename: __filename, dirname: __dirname })`;
};

/** Sucrase's own words are behind the file, its line and column in front or behind. */
function notCompiled(error: unknown, file: string): NotCompiled {
  const said = error instanceof Error ? error.message : String(error);
  const [, message = said, line] =
    /^(?:Error transforming .*?: )?(.*?)(?: \((\d+):\d+\))?$/s.exec(said) ?? [];
  return new NotCompiled(file, line === undefined ? undefined : Number(line), message);
}
