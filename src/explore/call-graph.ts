/**
 * Call graph: which slot calls which within a step, and who asks about whom.
 *
 * Live, a slot that is in the middle of a step shows its old snapshot and keeps what is sent to it in a mailbox;
 * tables have neither. So calls go in no circle, and whoever is called asks nothing about a caller of his.
 */
import type { RefusalCode } from './refusal.ts';

export type CallGraph = {
  /** What is wrong with `from` calling `to`. */
  addCall(from: number, to: number): CallFault | undefined;
  /** What is wrong with `asker` asking about `about`. */
  addQuestion(asker: number, about: number): CallFault | undefined;
};

export type CallFault = Extract<RefusalCode, 'call-back' | 'question-about-caller'>;

export function callGraph(slots: number): CallGraph {
  const calls = new Uint8Array(slots * slots);
  const questions = new Uint8Array(slots * slots);
  const all = Array.from({ length: slots }, (_, slot) => slot);

  const has = (edges: Uint8Array, from: number, to: number): boolean =>
    edges[from * slots + to] === 1;
  /** Whether a step of `from` may come to `to`; a slot does not lead to itself. */
  const leads = (from: number, to: number): boolean =>
    all.some((next) => has(calls, from, next) && (next === to || leads(next, to)));

  return {
    addCall: (from, to) => {
      if (has(calls, from, to)) return undefined;
      if (from === to || leads(to, from)) return 'call-back';
      calls[from * slots + to] = 1;
      const isAboutCaller = (asker: number): boolean =>
        all.some((about) => has(questions, asker, about) && leads(about, asker));
      return all.some(isAboutCaller) ? 'question-about-caller' : undefined;
    },
    addQuestion: (asker, about) => {
      questions[asker * slots + about] = 1;
      return leads(about, asker) ? 'question-about-caller' : undefined;
    },
  };
}
