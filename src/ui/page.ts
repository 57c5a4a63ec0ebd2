/**
 * Page: the frame every page has: title, navigation, one main part.
 *
 * Policy: whole without scripts. The style sheet is a file of its own; nothing comes from elsewhere.
 */
import { element, escaped } from '../core/markup.ts';

export type Link = { readonly href: string; readonly text: string; readonly isHere: boolean };

/** Links below one heading. */
export type Section = { readonly heading: string; readonly links: readonly Link[] };

export const STYLE_PATH = '/style.css';

/** `main` is markup. */
export function page(title: string, sections: readonly Section[], main: string): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)} - Stormdrain</title>`,
    `<link rel="stylesheet" href="${STYLE_PATH}">`,
    '</head>',
    '<body>',
    element('a', { class: 'skip', href: '#main' }, 'Skip to the chart'),
    element('nav', { 'aria-label': 'Machines' }, ...sections.map(drawnSection)),
    element('main', { id: 'main', tabindex: '-1' }, element('h1', {}, escaped(title)), main),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const drawnSection = ({ heading, links }: Section): string =>
  element(
    'section',
    {},
    element('h2', {}, escaped(heading)),
    element('ul', {}, ...links.map((link) => element('li', {}, drawnLink(link)))),
  );

const drawnLink = ({ href, text, isHere }: Link): string =>
  element('a', { href, 'aria-current': isHere ? 'page' : undefined }, escaped(text));

/** What is not a drawing's own, in the colours of drawings. */
export const PAGE_STYLE = `
body{margin:0;display:grid;grid-template-columns:16rem 1fr;min-height:100vh;
font:15px/1.5 Helvetica,Arial,'Liberation Sans',sans-serif;
background:var(--drawing-page,#fff);color:var(--drawing-text,#18212f)}
nav{padding:1rem;border-right:1px solid var(--drawing-edge,#7b8aa0);
background:var(--drawing-held,#f5f7fa);
max-height:100vh;overflow:auto;position:sticky;top:0;box-sizing:border-box}
nav h2{font-size:.85rem;margin:1rem 0 .25rem;color:var(--drawing-action,#55637a)}
nav ul{list-style:none;margin:0;padding:0}
nav a{display:block;padding:.15rem .5rem;border-radius:.3rem;color:inherit;text-decoration:none}
nav a:hover{background:var(--drawing-title,#e4eaf3)}
nav a[aria-current]{background:var(--drawing-active-box,#e3efff);font-weight:700}
a:focus-visible,main:focus-visible{outline:2px solid var(--drawing-active,#1668dc);
outline-offset:1px}
main{padding:1rem 1.5rem;min-width:0}
main svg{max-width:100%;height:auto}
h1{font-size:1.3rem;margin:.25rem 0 .75rem}
pre{overflow:auto}
.skip{position:absolute;left:-100vw}
.skip:focus{left:.5rem;top:.5rem;background:var(--drawing-page,#fff);padding:.5rem}
@media (max-width:50rem){body{display:block}nav{position:static;max-height:40vh;border:0}}
`;
