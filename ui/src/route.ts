/**
 * Route: what the page shows, as the part of its address behind the hash; a link to a step is one.
 */

export type Route =
  | { readonly page: 'trace'; readonly id: string; readonly step: number | undefined }
  | { readonly page: 'races'; readonly id: string | undefined }
  | { readonly page: 'storm' }
  | { readonly page: 'text' }
  | { readonly page: 'machines'; readonly name: string | undefined };

/** `first` is what an empty address shows; a number alone is a step of the trace `trace`. */
export function routeOf(hash: string, first: Route, trace: string | undefined): Route {
  const text = hash.replace(/^#\/?/, '');
  if (/^\d+$/.test(text) && trace !== undefined) {
    return { page: 'trace', id: trace, step: Number(text) };
  }
  const [page, name, word, number] = text.split('/').map(decoded);
  switch (page) {
    case 'trace': {
      if (name === undefined || name === '') return first;
      const isStep = word === 'step' && /^\d+$/.test(number ?? '');
      return { page, id: name, step: isStep ? Number(number) : undefined };
    }
    case 'races':
      return { page, id: name || undefined };
    case 'storm':
    case 'text':
      return { page };
    case 'machines':
      return { page, name: name || undefined };
    default:
      return first;
  }
}

export function hrefOf(route: Route): string {
  switch (route.page) {
    case 'trace': {
      const step = route.step === undefined ? '' : `/step/${route.step}`;
      return `#/trace/${encodeURIComponent(route.id)}${step}`;
    }
    case 'races':
      return route.id === undefined ? '#/races' : `#/races/${encodeURIComponent(route.id)}`;
    case 'storm':
    case 'text':
      return `#/${route.page}`;
    case 'machines':
      return route.name === undefined
        ? '#/machines'
        : `#/machines/${encodeURIComponent(route.name)}`;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a percent sign that encodes nothing
  }
}
