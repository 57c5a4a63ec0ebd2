/** Addresses: what stands behind the hash names a page and what it shows, and a link to it reads back the same. */
import { describe, expect, test } from 'vitest';

import { hrefOf, type Route, routeOf } from '../../../ui/src/route.ts';

const FIRST: Route = { page: 'races', id: undefined };
const read = (hash: string): Route => routeOf(hash, FIRST, 'file');

describe('an address', () => {
  test.each<[string, Route]>([
    ['', FIRST],
    ['#/', FIRST],
    ['#/nowhere', FIRST],
    ['#/trace', FIRST],
    ['#/trace/a.1', { page: 'trace', id: 'a.1', step: undefined }],
    ['#/trace/a.1/step/17', { page: 'trace', id: 'a.1', step: 17 }],
    ['#/trace/a.1/step/x', { page: 'trace', id: 'a.1', step: undefined }],
    ['#/trace/a.1/step/-1', { page: 'trace', id: 'a.1', step: undefined }],
    ['#17', { page: 'trace', id: 'file', step: 17 }],
    ['#/races', { page: 'races', id: undefined }],
    ['#/races/fault-cookie-aba', { page: 'races', id: 'fault-cookie-aba' }],
    ['#/machines/vtd%20unbind-sva', { page: 'machines', name: 'vtd unbind-sva' }],
    ['#/machines/%', { page: 'machines', name: '%' }],
    ['#/storm', { page: 'storm' }],
    ['#/text', { page: 'text' }],
  ])('%s is %j', (hash, route) => {
    expect(read(hash)).toEqual(route);
  });

  test('of a number alone is a step only where a trace is open', () => {
    expect(routeOf('#17', FIRST, undefined)).toEqual(FIRST);
  });

  test.each<Route>([
    { page: 'trace', id: 'a/b c', step: 3 },
    { page: 'trace', id: 'a', step: undefined },
    { page: 'races', id: 'x' },
    { page: 'races', id: undefined },
    { page: 'machines', name: 'vtd unbind-sva' },
    { page: 'storm' },
    { page: 'text' },
  ])('made of %j reads back the same', (route) => {
    expect(read(hrefOf(route))).toEqual(route);
  });
});
