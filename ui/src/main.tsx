/** The page's entry: finds out where answers come from, and draws. */
import { render } from 'preact';
import 'virtual:drawings.css';
import './style/base.css';
import './style/player.css';
import './style/lanes.css';
import './style/races.css';
import './style/storm.css';
import './style/machines.css';

import type { StartAnswer } from '../../src/ui/shapes.ts';
import { App } from './app.tsx';
import { sourceIn } from './source.ts';

const root = document.getElementById('app');
const source = sourceIn(document);
const start = await source.get<StartAnswer>('/api/start');
if (root !== null) render(<App source={source} start={start} />, root);
