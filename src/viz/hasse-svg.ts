/**
 * Hasse SVG: a Hasse diagram as one picture that needs no other file, first things on top, notes below.
 *
 * Method: ELK's layered layout, downwards.
 */
import ElkModule, { type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk.bundled.js';

import { element, escaped } from '../core/markup.ts';
import { rounded } from './chart-boxes.ts';
import type { Point } from './chart-points.ts';
import type { HasseDiagram } from './hasse.ts';
import { arrowHead, roundedPath } from './paths.ts';
import { fitted } from './svg-text.ts';
import { LINE_HEIGHT, NAME_SIZE, TEXT_SIZE } from './text-line.ts';
import { textWidth } from './text-width.ts';
import { styleSheet } from './theme.ts';
import { wrapped } from './wrapped.ts';

/** ELK's constructor is the default export of a CommonJS module, which the types see one level higher. */
const Elk = ElkModule as unknown as typeof ElkModule.default; // what the module evaluates to

const engine = new Elk();

const CLASS = 'hasse';
const RULES = {
  '.page': { fill: 'page' },
  text: { fill: 'text', 'font-size': `${TEXT_SIZE}px` },
  '.name': { 'font-size': `${NAME_SIZE}px`, 'font-weight': '700' },
  '.title': { 'font-size': `${NAME_SIZE + 2}px`, 'font-weight': '700' },
  '.box': { fill: 'title', stroke: 'edge', 'stroke-width': '1.2' },
  path: { fill: 'none', stroke: 'line', 'stroke-width': '1.3' },
  polygon: { fill: 'line' },
  '.label rect': { fill: 'page', 'fill-opacity': '.9' },
  '.label text': { fill: 'event', 'font-weight': '700' },
  '.note': { fill: 'action' },
} as const;

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.randomSeed': '1',
  'elk.spacing.nodeNode': '22',
  'elk.spacing.edgeNode': '14',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.edgeLabel': '3',
  'elk.layered.spacing.nodeNodeBetweenLayers': '30',
  'elk.layered.spacing.edgeNodeBetweenLayers': '12',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.padding': '[top=8,left=8,bottom=8,right=8]',
};

const MARGIN = 14;
const BOX_HEIGHT = 26;
const BOX_PADDING = 11;
const TITLE_HEIGHT = 30;
const LABEL_HEIGHT = 14;
/** Characters of a note's line, and their share of the picture's width. */
const NOTE_COLUMNS_MIN = 60;
const NOTE_COLUMN_WIDTH = 5.6;

export async function hasseSvg(diagram: HasseDiagram): Promise<string> {
  const { title, steps, lines, notes } = diagram;
  const graph: ElkNode = {
    id: '',
    layoutOptions: OPTIONS,
    children: steps.map((step) => ({
      id: step,
      width: rounded(textWidth(step, NAME_SIZE, 'bold') + 2 * BOX_PADDING),
      height: BOX_HEIGHT,
    })),
    edges: lines.map(({ from, to, label }, at) => ({
      id: `line ${at}`,
      sources: [from],
      targets: [to],
      labels:
        label === ''
          ? []
          : [{ id: `label ${at}`, text: label, width: labelWidth(label), height: LABEL_HEIGHT }],
    })),
  };
  const layout: ElkNode = await engine.layout(graph);
  const drawnWidth = Math.max(
    layout.width ?? 0,
    textWidth(title, NAME_SIZE + 2, 'bold') + 2 * MARGIN,
    NOTE_COLUMNS_MIN * NOTE_COLUMN_WIDTH,
  );
  const columns = Math.floor((drawnWidth - 2 * MARGIN) / NOTE_COLUMN_WIDTH);
  const noteLines = notes.flatMap((note) => wrapped(note, columns, '  '));
  const width = Math.ceil(drawnWidth);
  const top = TITLE_HEIGHT + Math.ceil(layout.height ?? 0);
  const height = top + noteLines.length * LINE_HEIGHT + MARGIN;
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: CLASS,
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': title,
    },
    '\n',
    [
      `<style>\n${escaped(styleSheet(CLASS, RULES))}\n</style>`,
      element('rect', { class: 'page', width, height }),
      text(title, 'title', MARGIN, TITLE_HEIGHT - 9, textWidth(title, NAME_SIZE + 2, 'bold')),
      element(
        'g',
        { transform: `translate(${rounded((width - (layout.width ?? 0)) / 2)} ${TITLE_HEIGHT})` },
        ...(layout.edges ?? []).map(drawnLine),
        ...(layout.children ?? []).map(drawnStep),
        ...(layout.edges ?? []).flatMap(drawnLabel),
      ),
      ...noteLines.map((line, at) =>
        text(
          line,
          'note',
          MARGIN + indentOf(line),
          top + (at + 1) * LINE_HEIGHT,
          textWidth(line.trimStart(), TEXT_SIZE),
        ),
      ),
    ].join('\n'),
    '\n',
  )}\n`;
}

const labelWidth = (label: string): number => rounded(textWidth(label, TEXT_SIZE, 'bold') + 6);

/** A continued line of a note is set in. */
const indentOf = (line: string): number => (line.startsWith(' ') ? BOX_PADDING : 0);

const text = (words: string, look: string, x: number, y: number, width: number): string =>
  element(
    'text',
    { class: look, x: rounded(x), y: rounded(y), ...fitted(width) },
    escaped(words.trimStart()),
  );

function drawnStep({ id, x = 0, y = 0, width = 0, height = 0 }: ElkNode): string {
  return element(
    'g',
    { 'data-step': id },
    element('rect', {
      class: 'box',
      x: rounded(x),
      y: rounded(y),
      width: rounded(width),
      height: rounded(height),
      rx: 5,
    }),
    text(id, 'name', x + BOX_PADDING, y + height / 2 + 4.5, width - 2 * BOX_PADDING),
  );
}

function drawnLine({ sources, targets, sections = [] }: ElkExtendedEdge): string {
  const points = sections.flatMap(({ startPoint, bendPoints = [], endPoint }): readonly Point[] => [
    startPoint,
    ...bendPoints,
    endPoint,
  ]);
  return element(
    'g',
    { 'data-before': sources.join(), 'data-after': targets.join() },
    element('path', { d: roundedPath(points) }),
    element('polygon', { points: arrowHead(points) }),
  );
}

const drawnLabel = ({ labels = [] }: ElkExtendedEdge): readonly string[] =>
  labels.map(({ text: words = '', x = 0, y = 0, width = 0, height = 0 }) =>
    element(
      'g',
      { class: 'label' },
      element('rect', { x: rounded(x), y: rounded(y), width, height, rx: 3 }),
      text(words, 'label', x + 3, y + height - 3.5, width - 6),
    ),
  );
