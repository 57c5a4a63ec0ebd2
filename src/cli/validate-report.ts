/** The report of a validation, as text of one screen and as JSON. */
import { printable } from '../scenarios/field-check.ts';
import type { Candidate, Judgement, Rejection } from '../scenarios/validate/judgement.ts';
import type { Validation } from '../scenarios/validate/validate-file.ts';
import type { Paint } from './output.ts';

/** Candidates shown; the JSON has all. */
const SHOWN_MAX = 8;
const TITLE_WIDTH = 10;

/** One object, plain data; schema `stormdrain.validate/1`. */
export function validateJson(
  file: string,
  { driver, quirks, header, notes }: Validation,
  judgement: Judgement,
) {
  const { firstRejected, limitedAt, notes: _, ...counts } = judgement;
  return {
    schema: 'stormdrain.validate/1',
    file,
    driver,
    quirks,
    recorded: header ?? null,
    accepted: firstRejected === undefined && limitedAt === undefined,
    firstRejected: firstRejected ?? null,
    limitedAt: limitedAt ?? null,
    ...counts,
    notes,
  };
}

export function validateReport(
  file: string,
  { driver, quirks, header, notes }: Validation,
  judgement: Judgement,
  paint: Paint,
): string {
  const { events, judged, notJudged, places, requests, answers, open, losses, unknown } = judgement;
  const by = [driver, ...quirks].join(' + ');
  const from = header === undefined ? '' : `, recorded by a storm "${printable(header.from)}"`;
  const row = (title: string, figure: number, note = ''): string =>
    `  ${paint('dim', title.padEnd(TITLE_WIDTH))}${count(figure).padStart(9)}  ${note}`.trimEnd();
  return [
    paint('bold', `trace ${printable(file, 400)}${from}, judged by ${by}`),
    row('events', events, `${count(judged)} of them say something of the model`),
    row('places', places, 'devices, and their PASIDs'),
    row('requests', requests),
    row('answers', answers),
    ...(open === 0
      ? []
      : [row('open', open, 'groups that owe their response when the trace ends')]),
    ...(losses === 0
      ? []
      : [
          row(
            'losses',
            losses,
            `stretches with lost events, after which ${count(unknown)} groups are unknown`,
          ),
        ]),
    ...notJudgedLines(notJudged, paint),
    ...brokenLines(file, judgement, paint),
    ...notes.map((note) => `  ${paint('yellow', 'note')}  ${note}`),
    ...judgementLines(file, judgement, paint),
    '',
  ].join('\n');
}

/** What the driver explains, and ought not to do. */
function brokenLines(
  file: string,
  { broken, brokenTotal }: Judgement,
  paint: Paint,
): readonly string[] {
  const shown = broken.slice(0, SHOWN_MAX).map(({ property, certainty, line, what }) => {
    const title = `${certainty === 'breaks' ? 'BREAKS' : 'MAY BREAK'} ${property}`;
    return `  ${paint('yellow', title)} at ${printable(file, 400)}:${line}: ${what}`;
  });
  const more = brokenTotal - shown.length;
  return more > 0 ? [...shown, `    and ${count(more)} more`] : shown;
}

/** What the machines say nothing of, the most frequent first. */
function notJudgedLines(events: Judgement['notJudged'], paint: Paint): readonly string[] {
  const title = paint('dim', 'not judged'.padEnd(TITLE_WIDTH));
  const total = events.reduce((sum, { count: each }) => sum + each, 0);
  if (total === 0) return [];
  const shown = events
    .slice(0, SHOWN_MAX)
    .map(({ what, count: each }) => `    ${count(each).padStart(9)}  ${printable(what)}`);
  const more = events.length - shown.length;
  return [
    `  ${title}${count(total).padStart(9)}  events that the machines say nothing of:`,
    ...shown,
    ...(more > 0 ? [`               and ${more} more kinds`] : []),
  ];
}

function judgementLines(
  file: string,
  { firstRejected, limitedAt }: Judgement,
  paint: Paint,
): readonly string[] {
  if (firstRejected !== undefined) return rejectionLines(file, firstRejected, paint);
  if (limitedAt !== undefined) {
    const where = `${printable(file, 400)}:${limitedAt}`;
    return [
      `${paint('yellow', 'UNDECIDED')}: everything up to ${where} is a behaviour of the model`,
    ];
  }
  return [`${paint('green', 'ACCEPTED')}: the trace is a behaviour of the model`];
}

function rejectionLines(file: string, rejection: Rejection, paint: Paint): readonly string[] {
  const { line, event, why, candidates } = rejection;
  const shown = candidates.slice(0, SHOWN_MAX).map(candidateLine);
  const more = candidates.length - shown.length;
  return [
    `${paint('red', 'REJECTED')} at ${printable(file, 400)}:${line}: ${event}`,
    `  ${why}`,
    ...(shown.length === 0 ? [] : ['  what could have stood there:']),
    ...shown,
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

const candidateLine = ({ object, actor, sign }: Candidate): string =>
  `    ${sign}, by ${actor} of ${object}`;

const count = (value: number): string => value.toLocaleString('en-US');
