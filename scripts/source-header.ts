/**
 * Source header: the comment that a source file opens with, as Markdown.
 *
 * What is said under a key (Kernel, Actor, Effects, ...) becomes an item of a list; what is drawn, a block of text.
 */

const KEY = /^([A-Z][a-z]+): +(.*)$/;

type Block =
  | { readonly kind: 'text'; readonly lines: string[] }
  | { readonly kind: 'item'; readonly key: string; readonly lines: string[] }
  | { readonly kind: 'drawn'; readonly lines: string[] };

/** Empty for a file without a header. */
export function headerMarkdown(source: string): string {
  const [, comment = ''] = /^(?:#!.*\n)?\/\*\*([\s\S]*?)\*\//.exec(source) ?? [];
  const lines = comment.split('\n').map((line) => line.replace(/^ \* ?/, '').trimEnd());
  return blocksOf(lines)
    .map((block, index, all) => {
      const isListed = block.kind === 'item' && all[index - 1]?.kind === 'item';
      return `${isListed ? '\n' : '\n\n'}${blockText(block)}`;
    })
    .join('')
    .trim();
}

function blocksOf(lines: readonly string[]): readonly Block[] {
  const blocks: Block[] = [];
  let last: Block | undefined;
  const begin = (block: Block): void => {
    blocks.push(block);
    last = block;
  };
  for (const line of lines) {
    const [, key, first = ''] = KEY.exec(line) ?? [];
    if (line.trim() === '') {
      if (last?.kind === 'drawn') last.lines.push('');
      else last = undefined;
    } else if (key !== undefined && last?.kind !== 'text') {
      begin({ kind: 'item', key, lines: [first] });
    } else if (/^ {2,}/.test(line) && last?.kind !== 'item') {
      if (last?.kind === 'drawn') last.lines.push(line);
      else begin({ kind: 'drawn', lines: [line] });
    } else if (last !== undefined && last.kind !== 'drawn') {
      last.lines.push(line.trim());
    } else {
      begin({ kind: 'text', lines: [line.trim()] });
    }
  }
  return blocks;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return markdown(block.lines.join(' '));
    case 'item':
      return `- **${block.key}:** ${markdown(block.lines.join(' '))}`;
    case 'drawn':
      return `\`\`\`\n${block.lines.join('\n').trimEnd()}\n\`\`\``;
  }
}

/** What names a thing of the code stays as it is. */
export const markdown = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll(/[*_<>[\]|]/g, '\\$&')))
    .join('');
