/**
 * Entry point of one CPU of the IOVA bench: maps bursts of buffers and unmaps them, and marks whose each page is.
 */
import { workerData } from 'node:worker_threads';

import { type MapperStart, runMapper } from './iova-mapper.ts';

runMapper(workerData as MapperStart); // what the bench passed to the Worker
