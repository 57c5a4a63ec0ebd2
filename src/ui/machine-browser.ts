/**
 * Machine browser: a site with a page for each machine: its chart, and the same as text for who can't see it.
 */
import { element, escaped } from '../core/markup.ts';
import { PAGE_STYLE, page, type Section, STYLE_PATH } from './page.ts';
import { type Asset, css, html, type Site } from './site.ts';

export type BrowsedMachine = {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Heading it stands under. */
  readonly group: string;
  /** The chart as an indented tree. */
  readonly text: string;
  /** The chart as a picture without a style sheet of its own; made when it is first asked for. */
  readonly picture: () => Promise<string>;
};

/** `styles` are the pictures' style sheets and variables. */
export function machineBrowser(machines: readonly BrowsedMachine[], styles: string): Site {
  const made = new Map<string, Promise<Asset>>();
  const byPath = new Map(machines.map((machine) => [pathOf(machine), machine]));
  const [first] = machines;

  const pageOf = async (machine: BrowsedMachine): Promise<Asset> =>
    html(page(machine.name, sections(machines, machine), await body(machine)));

  return {
    find: async (path) => {
      if (path === STYLE_PATH) return css(`${styles}\n${PAGE_STYLE}`);
      const machine = path === '/' ? first : byPath.get(path);
      if (machine === undefined) return undefined;
      const before = made.get(machine.name);
      if (before !== undefined) return before;
      const asset = pageOf(machine);
      made.set(machine.name, asset);
      return asset;
    },
  };
}

const pathOf = ({ name }: BrowsedMachine): string => `/machines/${name}`;

function sections(machines: readonly BrowsedMachine[], here: BrowsedMachine): readonly Section[] {
  const groups = [...new Set(machines.map(({ group }) => group))];
  return groups.map((heading) => ({
    heading,
    links: machines
      .filter(({ group }) => group === heading)
      .map((machine) => ({
        href: encodeURI(pathOf(machine)),
        text: machine.name,
        isHere: machine === here,
      })),
  }));
}

async function body({ aliases, text, picture }: BrowsedMachine): Promise<string> {
  return [
    ...(aliases.length === 0 ? [] : [element('p', {}, `Also ${escaped(aliases.join(', '))}.`)]),
    element('figure', {}, await picture()),
    element(
      'details',
      {},
      element('summary', {}, 'The same as text'),
      element('pre', {}, escaped(text)),
    ),
  ].join('\n');
}
