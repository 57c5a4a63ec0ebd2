/**
 * Inspection: live actors shown to inspectors while a command runs, where it is asked to.
 *
 * Effects: listens; says where.
 */
import { ok, type Result } from '../core/result.ts';
import type { ActorWatch } from '../machines/actor-watch.ts';
import type { Inspected } from '../ui/inspection-server.ts';
import type { InspectOptions } from './inspect-options.ts';
import type { Output } from './output.ts';

export type Inspection = Pick<Inspected, 'joined' | 'left'> & {
  readonly watch: ActorWatch;
  /** Ends, and says what readers missed. */
  end(): Promise<void>;
};

/** Undefined where nobody asked. An error is a sentence. */
export async function inspection(
  { inspect, inspectPort = 0 }: InspectOptions,
  rootId: string,
  { wallClock, stderr }: { readonly wallClock: () => number; readonly stderr: Output },
): Promise<Result<Inspection | undefined, string>> {
  if (!inspect) return ok(undefined);
  // WebSocket is loaded for who wants it.
  const { inspectionStream } = await import('../ui/inspection-stream.ts');
  const { serveInspection } = await import('../ui/inspection-server.ts');
  const stream = inspectionStream(rootId, wallClock);
  const served = await serveInspection(stream, inspectPort);
  if (!served.ok) {
    const error = `cannot listen on port ${inspectPort}: ${served.error}; try another --inspect-port`;
    return { ok: false, error };
  }
  const { url, joined, left, close } = served.value;
  stderr.write(`stormdrain: live actors are told at ${url}\n`);
  return ok({
    joined,
    left,
    watch: stream.watch,
    end: async () => {
      await close();
      const { sent, missed } = stream.counts();
      if (missed === 0) return;
      stderr.write(`stormdrain: readers were sent ${sent} messages and missed ${missed}\n`);
    },
  });
}
