/** Machines page: every machine there is a chart of, and the same as text for who can't see it. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { ChartAnswer, MachineRow } from '../../../src/ui/shapes.ts';
import { useAnswer } from '../hooks.ts';
import { hrefOf } from '../route.ts';
import type { Source } from '../source.ts';

type PageProps = { readonly source: Source; readonly name: string | undefined };

export function MachinesPage({ source, name }: PageProps) {
  const got = useAnswer<readonly MachineRow[]>(source, '/api/machines');
  const [filter, setFilter] = useState('');
  if (got.kind !== 'got') {
    return <p class="empty">{got.kind === 'failed' ? got.sentence : 'Fetching the machines…'}</p>;
  }
  const rows = got.answer;
  const here = rows.find((row) => row.name === name) ?? rows[0];
  const shown = rows.filter((row) =>
    [row.name, ...row.aliases].some((each) => each.includes(filter.toLowerCase())),
  );
  const groups = [...new Set(shown.map(({ group }) => group))];
  return (
    <div class="machines">
      <nav aria-label="Machines">
        <input
          type="search"
          placeholder="Filter"
          aria-label="Filter machines"
          value={filter}
          onInput={({ currentTarget }) => setFilter(currentTarget.value)}
        />
        {groups.map((group) => (
          <section key={group}>
            <h2>{group}</h2>
            <ul>
              {shown
                .filter((row) => row.group === group)
                .map((row) => (
                  <li key={row.name}>
                    <a
                      href={hrefOf({ page: 'machines', name: row.name })}
                      aria-current={row === here ? 'page' : undefined}
                    >
                      {row.name.split(' ').at(-1)}
                    </a>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </nav>
      {here === undefined ? null : <Machine source={source} row={here} />}
    </div>
  );
}

function Machine({ source, row }: { readonly source: Source; readonly row: MachineRow }) {
  const { name, aliases } = row;
  const got = useAnswer<ChartAnswer>(source, `/api/machines/${encodeURIComponent(name)}`);
  const figure = useRef<HTMLElement>(null);
  const svg = got.kind === 'got' ? got.answer.svg : undefined;
  useLayoutEffect(() => {
    if (figure.current === null) return;
    if (svg === undefined) return figure.current.replaceChildren();
    const picture = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
    figure.current.replaceChildren(document.importNode(picture, true));
  }, [svg]);
  return (
    <article class="machine">
      <h1>{name}</h1>
      {aliases.length === 0 ? null : <p class="faint">Also {aliases.join(', ')}.</p>}
      {got.kind === 'failed' ? <p class="empty">{got.sentence}</p> : null}
      <figure ref={figure} />
      {got.kind === 'got' ? (
        <details>
          <summary>The same as text</summary>
          <pre>{got.answer.text}</pre>
        </details>
      ) : null}
    </article>
  );
}
