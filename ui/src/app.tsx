/**
 * App: the frame around every page: where one can go, the theme, and the page that the address names.
 *
 * Pages that were visited stay: what runs in one goes on while another is looked at.
 */
import { useEffect, useRef, useState } from 'preact/hooks';

import type { StartAnswer } from '../../src/ui/shapes.ts';
import { MachinesPage } from './machines/machines-page.tsx';
import { Player } from './player/player.tsx';
import { RacesPage } from './races/races-page.tsx';
import { hrefOf, type Route, routeOf } from './route.ts';
import type { Source } from './source.ts';
import { StormPage } from './storm/storm-page.tsx';
import { useTheme } from './theme.ts';

type Page = Route['page'];

const TITLES: Readonly<Record<Page, string>> = {
  races: 'Races',
  trace: 'Trace',
  storm: 'Storm',
  machines: 'Machines',
  text: 'Report',
};

export function App({ source, start }: { readonly source: Source; readonly start: StartAnswer }) {
  const route = useRoute(start);
  const [theme, changeTheme] = useTheme();
  const [visited, visit] = useState<ReadonlySet<Page>>(new Set([route.page]));
  const trace = useLastTrace(route, start.traces[0]);
  useEffect(() => {
    visit((before) => new Set([...before, route.page]));
    document.title = `${TITLES[route.page]} - Stormdrain`;
  }, [route]);

  const shown = (page: Page): boolean => route.page === page || visited.has(page);
  const last: Readonly<Record<Page, Route | undefined>> = {
    races: { page: 'races', id: undefined },
    trace,
    storm: { page: 'storm' },
    machines: { page: 'machines', name: undefined },
    text: { page: 'text' },
  };
  return (
    <div class="app">
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header class="bar">
        <span class="brand">
          <Drop /> stormdrain
        </span>
        <nav aria-label="Pages">
          {(['races', 'trace', 'storm', 'machines', 'text'] as const)
            .filter(
              (page) => start.pages.includes(page) || (page === 'trace' && trace !== undefined),
            )
            .map((page) => {
              const target = route.page === page ? route : last[page];
              return target === undefined ? null : (
                <a
                  key={page}
                  href={hrefOf(target)}
                  aria-current={route.page === page ? 'page' : undefined}
                >
                  {TITLES[page]}
                </a>
              );
            })}
        </nav>
        {start.command === undefined ? null : <code class="made">{start.command}</code>}
        <button type="button" class="quiet theme" onClick={changeTheme}>
          {theme === 'light' ? 'Dark' : 'Light'} theme
        </button>
      </header>
      <main id="main" tabIndex={-1}>
        {shown('races') && start.pages.includes('races') ? (
          <section hidden={route.page !== 'races'}>
            <RacesPage
              source={source}
              isReport={start.isReport}
              id={route.page === 'races' ? route.id : undefined}
            />
          </section>
        ) : null}
        {trace !== undefined ? (
          <section hidden={route.page !== 'trace'}>
            <Player
              key={trace.id}
              source={source}
              id={trace.id}
              step={trace.step}
              isShown={route.page === 'trace'}
            />
          </section>
        ) : null}
        {shown('storm') && start.pages.includes('storm') ? (
          <section hidden={route.page !== 'storm'}>
            <StormPage source={source} isReport={start.isReport} theme={theme} />
          </section>
        ) : null}
        {route.page === 'text' ? (
          <section class="text">
            <h1>Report</h1>
            <pre>{start.text}</pre>
          </section>
        ) : null}
        {route.page === 'machines' ? (
          <section>
            <MachinesPage source={source} name={route.name} />
          </section>
        ) : null}
      </main>
    </div>
  );
}

type TraceRoute = Extract<Route, { readonly page: 'trace' }>;

/** The trace that is shown, or was shown last, so that it is where it was when one comes back. */
function useLastTrace(route: Route, first: string | undefined): TraceRoute | undefined {
  const last = useRef<TraceRoute | undefined>(
    first === undefined ? undefined : { page: 'trace', id: first, step: undefined },
  );
  if (route.page === 'trace') last.current = route;
  return last.current;
}

/** The route of the address, followed as it changes. */
function useRoute(start: StartAnswer): Route {
  const now = (): Route => routeOf(location.hash, firstOf(start), start.traces[0]);
  const [route, setRoute] = useState<Route>(now);
  // What there is from the start does not change.
  useEffect(() => {
    const heard = (): void => {
      // The link that skips to the page is no place.
      if (location.hash !== '#main') setRoute(now());
    };
    addEventListener('hashchange', heard);
    // The address may have changed while the page was drawn for the first time.
    heard();
    return () => removeEventListener('hashchange', heard);
  }, []);
  return route;
}

function firstOf({ pages, traces }: StartAnswer): Route {
  const [first = 'races'] = pages;
  const [trace] = traces;
  switch (first) {
    case 'trace':
      return trace === undefined
        ? { page: 'races', id: undefined }
        : { page: 'trace', id: trace, step: undefined };
    case 'machines':
      return { page: first, name: undefined };
    case 'races':
      return { page: first, id: undefined };
    case 'storm':
    case 'text':
      return { page: first };
  }
}

const Drop = () => (
  <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" class="drop">
    <path d="M8 1.2C5.2 5 3.2 7.4 3.2 10a4.8 4.8 0 0 0 9.6 0C12.8 7.4 10.8 5 8 1.2Z" />
  </svg>
);
