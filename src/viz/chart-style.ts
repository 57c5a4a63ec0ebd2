/** Chart style: how the parts of a chart look, in the theme's colours. */
import { NAME_SIZE, TEXT_SIZE } from './text-line.ts';

export const CHART_CLASS = 'state-chart';

export const CHART_RULES = {
  '.page': { fill: 'page' },
  text: { fill: 'text', 'font-size': `${TEXT_SIZE}px` },
  '.name': { 'font-size': `${NAME_SIZE}px`, 'font-weight': '700' },
  '.event': { fill: 'event', 'font-weight': '700' },
  '.guard': { fill: 'guard' },
  '.action, .note': { fill: 'action' },
  '.box': { fill: 'box', stroke: 'edge', 'stroke-width': '1.2' },
  '.compound > .box, .parallel > .box': { fill: 'held' },
  '.region > .box': { 'stroke-dasharray': '6 4', fill: 'none' },
  '.title': { fill: 'title', stroke: 'edge', 'stroke-width': '1.2' },
  '.region > .title': { fill: 'none', stroke: 'none' },
  '.rule': { stroke: 'edge', 'stroke-opacity': '.45' },
  '.ring': { fill: 'none', stroke: 'edge', 'stroke-width': '1.2' },
  '.tag rect': { fill: 'tag' },
  '.tag text': { fill: 'tag-text', 'font-size': `${TEXT_SIZE - 1}px` },
  '.dot': { fill: 'line' },
  '.any rect': { fill: 'box', stroke: 'edge', 'stroke-dasharray': '3 3' },
  '.arrow path': { fill: 'none', stroke: 'line', 'stroke-width': '1.3' },
  '.arrow polygon': { fill: 'line' },
  '.always path': { 'stroke-dasharray': '5 3' },
  '.label rect': { fill: 'held', 'fill-opacity': '.88' },
  '.heat-1 path': { stroke: 'heat-1', 'stroke-width': '1.3' },
  '.heat-1 polygon': { fill: 'heat-1' },
  '.heat-2 path': { stroke: 'heat-2', 'stroke-width': '1.9' },
  '.heat-2 polygon': { fill: 'heat-2' },
  '.heat-3 path': { stroke: 'heat-3', 'stroke-width': '2.5' },
  '.heat-3 polygon': { fill: 'heat-3' },
  '.heat-4 path': { stroke: 'heat-4', 'stroke-width': '3.1' },
  '.heat-4 polygon': { fill: 'heat-4' },
  '.heat-5 path': { stroke: 'heat-5', 'stroke-width': '3.8' },
  '.heat-5 polygon': { fill: 'heat-5' },
  '.arrow.never path': { stroke: 'never', 'stroke-width': '1.2', 'stroke-dasharray': '2 4' },
  '.arrow.never polygon': { fill: 'never' },
  'g.never tspan': { fill: 'never', 'font-style': 'italic' },
  // A page gives the class to states that a machine is in.
  '.state.active > .box': { stroke: 'active', 'stroke-width': '2.6' },
  '.atomic.active > .box, .final.active > .box': { fill: 'active-box' },
} as const;
