/**
 * Report HTML: the page and its answers in one file that needs no other and asks nobody anything.
 *
 * Source: W3C, "Content Security Policy Level 3", hashes.
 * Policy: the file's own script and style are let in by their hashes, and nothing else is; what answers hold is data.
 */
import { createHash } from 'node:crypto';

import { element, escaped } from '../../core/markup.ts';
import type { KeptAnswers } from '../../ui/shapes.ts';
import type { PageFiles } from './page-files.ts';

/** By path; of a path with events, the list of them. */
export type Answers = ReadonlyMap<string, unknown>;

export function reportHtml(title: string, page: PageFiles, answers: Answers): string {
  // What ends a script must not stand in one.
  const script = page.script.replaceAll('</script', '<\\/script');
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(page.style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    element('title', {}, escaped(title)),
    `<style>${page.style}</style>`,
    '</head>',
    '<body>',
    '<div id="app"></div>',
    '<noscript>This report plays traces and storms, which needs JavaScript.</noscript>',
    `<script type="application/json" id="answers">${jsonFor(kept(answers))}</script>`,
    `<script type="module">${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** In an element of HTML: nothing in it looks like markup. */
const jsonFor = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

function kept(answers: Answers): KeptAnswers {
  const numbers = new Map<string, number>();
  const each: unknown[] = [];
  const paths = [...answers].map(([path, answer]) => {
    const text = JSON.stringify(answer);
    const number = numbers.get(text) ?? each.push(answer) - 1;
    numbers.set(text, number);
    return [path, number] as const;
  });
  return { paths: Object.fromEntries(paths), answers: each };
}
