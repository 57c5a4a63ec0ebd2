/** The machine browser: a page for each machine, made once, that needs nothing but itself and its style sheet. */
import { describe, expect, test } from 'vitest';

import { machineBrowser } from '../../../src/ui/machine-browser.ts';

let pictures = 0;
const machine = (name: string, group: string) => ({
  name,
  aliases: [],
  group,
  text: `${name} <as text>`,
  picture: async () => {
    pictures += 1;
    return `<svg data-machine="${name}"></svg>`;
  },
});
const site = machineBrowser(
  [machine('mm', 'Machines'), { ...machine('vtd unbind', 'Operations'), aliases: ['vtd detach'] }],
  'body{}',
);
const bodyAt = async (path: string): Promise<string> => (await site.find(path))?.body ?? '';

describe('the machine browser', () => {
  test('begins with the first machine, and links to all', async () => {
    const body = await bodyAt('/');
    expect(body).toContain('<h1>mm</h1>');
    expect(body).toContain('<a href="/machines/mm" aria-current="page">mm</a>');
    expect(body).toContain('<a href="/machines/vtd%20unbind">vtd unbind</a>');
    expect(body).toContain('<svg data-machine="mm"></svg>');
    expect(body).toContain('<pre>mm &lt;as text&gt;</pre>');
  });

  test('has a page at every link, and no other', async () => {
    const links = [...(await bodyAt('/')).matchAll(/href="(\/[^"]*)"/g)].map(
      ([, href]) => href ?? '',
    );
    expect(links.length).toBe(3);
    for (const link of links) expect(await site.find(decodeURI(link))).toBeDefined();
    expect(await site.find('/machines/')).toBeUndefined();
    expect(await bodyAt('/machines/vtd unbind')).toContain('Also vtd detach.');
  });

  test('runs nothing, and has no style but the sheet', async () => {
    const body = await bodyAt('/machines/mm');
    expect(body).not.toMatch(/<script|<style|\sstyle=|\son\w+=|https?:/);
    expect(await site.find('/style.css')).toMatchObject({ type: 'text/css; charset=utf-8' });
  });

  test('draws a machine once', async () => {
    pictures = 0;
    const fresh = machineBrowser([machine('mm', 'Machines')], '');
    await Promise.all([fresh.find('/'), fresh.find('/machines/mm'), fresh.find('/')]);
    expect(pictures).toBe(1);
  });
});
