/** A Hasse diagram as text and as a picture. */
import { describe, expect, it } from 'vitest';

import { type HasseDiagram, hasseMermaid } from '../../../src/viz/hasse.ts';
import { hasseSvg } from '../../../src/viz/hasse-svg.ts';

const DIAGRAM: HasseDiagram = {
  title: 'vtd: what must come before what',
  steps: ['block-entry', 'drain-ring', 'flush-workqueue', 'free-handle'],
  lines: [
    { from: 'block-entry', to: 'drain-ring', label: 'S6' },
    { from: 'drain-ring', to: 'flush-workqueue', label: 'S8' },
    { from: 'drain-ring', to: 'free-handle', label: '' },
  ],
  notes: ['either block-entry before free-handle, or <nothing> & more'],
};

type Box = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

const boxesIn = (svg: string): readonly Box[] =>
  [
    ...svg.matchAll(
      /<rect class="box" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g,
    ),
  ].map(([, x, y, width, height]) => ({
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
  }));

describe('a Hasse diagram', () => {
  it('is a Mermaid flowchart', () => {
    expect(hasseMermaid(DIAGRAM)).toBe(
      `---
title: vtd: what must come before what
---
flowchart TD
  s0["block-entry"]
  s1["drain-ring"]
  s2["flush-workqueue"]
  s3["free-handle"]
  s0 -->|S6| s1
  s1 -->|S8| s2
  s1 --> s3
  %% either block-entry before free-handle, or <nothing> & more
`,
    );
  });

  it('is a picture in which what comes first is higher, and nothing lies on anything', async () => {
    const svg = await hasseSvg(DIAGRAM);
    expect(svg).toContain('or &lt;nothing&gt; &amp;');
    const boxes = boxesIn(svg);
    expect(boxes).toHaveLength(4);
    const [block, drain, flush, free] = boxes;
    expect(block?.y).toBeLessThan(drain?.y ?? 0);
    expect(drain?.y).toBeLessThan(Math.min(flush?.y ?? 0, free?.y ?? 0));
    for (const [at, one] of boxes.entries()) {
      for (const other of boxes.slice(at + 1)) {
        const apart =
          one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          one.y + one.height <= other.y ||
          other.y + other.height <= one.y;
        expect(apart).toBe(true);
      }
    }
    expect(await hasseSvg(DIAGRAM)).toBe(svg);
  });
});
