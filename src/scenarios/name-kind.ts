/** Name kind: what a name is looked up as, and where those are that exist. */

export type NameKind =
  | 'command'
  | 'option'
  | 'profile'
  | 'recording'
  | 'driver'
  | 'recorded driver'
  | 'quirk'
  | 'scenario'
  | 'property'
  | 'race'
  | 'action'
  | 'shell'
  | 'machine'
  | 'transition'
  | 'operation'
  | 'step'
  | 'campaign'
  | 'campaign run';

/** Where to look, or what to take, when a name of that kind is unknown; a path may stand for some that are typed. */
export function alternatives(kind: NameKind, known: readonly string[], isTyped: boolean): string {
  const list = known.join(', ');
  switch (kind) {
    case 'command':
    case 'option':
      return 'see --help for those there are';
    case 'profile':
    case 'recording':
    case 'campaign':
      return `use ${list} or the path of a file`;
    case 'driver':
      return `use ${list}${isTyped ? ', or a module with a driver of yours' : ''}`;
    case 'recorded driver':
      return `use ${list}`;
    case 'campaign run':
      return list === '' ? 'there is none in that folder' : `there are ${list}`;
    case 'race':
      return 'see "stormdrain races" for those there are';
    case 'scenario':
      return 'see "stormdrain explore" for those there are';
    case 'shell':
    case 'property':
    case 'operation':
    case 'step':
    case 'action':
      return `known are ${list}`;
    case 'machine':
      return 'see "stormdrain charts --list" for those there are';
    case 'transition':
      return 'the machine has changed since, or the file is of another version';
    case 'quirk':
      return 'see "stormdrain quirks" for those there are';
  }
}
