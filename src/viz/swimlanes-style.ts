/** Swim lanes' style: how the parts of a sequence look, in the theme's colours. */
import { TEXT_SIZE } from './text-line.ts';

export const SWIMLANES_CLASS = 'swim-lanes';

export const SWIMLANES_RULES = {
  '.page': { fill: 'page' },
  '.band': { fill: 'held' },
  'text, .number': { fill: 'text', 'font-size': `${TEXT_SIZE}px` },
  '.event': { 'font-weight': '700' },
  '.action, .note, .number': { fill: 'action' },
  '.guard': { fill: 'guard' },
  '.lane': { stroke: 'edge', 'stroke-width': '1', 'stroke-opacity': '.55' },
  '.lane.object': { 'stroke-dasharray': '2 4' },
  '.head rect': { fill: 'title', stroke: 'edge' },
  '.head.channel rect': { fill: 'active-box', stroke: 'none' },
  '.head.channel tspan': { fill: 'event' },
  '.lane.channel': { 'stroke-dasharray': '2 4' },
  '.head.object rect': { fill: 'tag', stroke: 'none' },
  '.head.object tspan': { fill: 'tag-text' },
  '.step rect': { fill: 'box', stroke: 'active', 'stroke-width': '1.3' },
  '.passes rect': { fill: 'page', stroke: 'edge', 'stroke-dasharray': '3 3' },
  '.touch path, .message path': { fill: 'none', stroke: 'line', 'stroke-width': '1.2' },
  '.touch polygon': { fill: 'line' },
  '.changed rect': { fill: 'tag', stroke: 'tag-text', 'stroke-opacity': '.4' },
  '.changed tspan': { fill: 'tag-text' },
  '.told rect': { fill: 'page', stroke: 'edge', 'stroke-opacity': '.6' },
  '.told path': { 'stroke-opacity': '.5' },
  '.sent rect': { fill: 'active-box', stroke: 'active' },
  '.sent tspan': { fill: 'event' },
  '.message path': { stroke: 'active', 'stroke-dasharray': '5 3' },
  '.message polygon': { fill: 'active' },
  '.violates rect': { fill: 'never', stroke: 'never' },
  '.violates tspan': { fill: 'page' },
  '.violates path': { stroke: 'never', 'stroke-width': '1.8' },
  '.violates polygon': { fill: 'never' },
  '.ending rect': { fill: 'page', stroke: 'never', 'stroke-width': '2' },
  '.ending .event': { fill: 'never' },
} as const;
