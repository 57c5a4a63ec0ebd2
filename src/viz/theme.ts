/**
 * Theme: the colours of drawings, light and dark, as one style sheet that names only our classes.
 *
 * Policy: a reader's system chooses; `data-theme="light"` or `"dark"` on the drawing or on anything around it
 *         outweighs it. Each colour is a variable that a page may set; who knows no variables sees the light ones.
 */

/** What has a colour: in the light, in the dark. */
const COLOURS = {
  page: ['#ffffff', '#0e131a'],
  box: ['#ffffff', '#1b2430'],
  held: ['#f5f7fa', '#131a23'],
  title: ['#e4eaf3', '#243040'],
  edge: ['#7b8aa0', '#6d8099'],
  text: ['#18212f', '#e8eef6'],
  event: ['#0a4a9f', '#85bbff'],
  guard: ['#8a4a00', '#edb566'],
  action: ['#55637a', '#a3b3c8'],
  line: ['#4a5a70', '#8fa3bd'],
  tag: ['#dff2e8', '#17392a'],
  'tag-text': ['#14633f', '#86d9b0'],
  active: ['#1668dc', '#4d9bff'],
  'active-box': ['#e3efff', '#14305a'],
  never: ['#b3261e', '#ff9187'],
  'heat-1': ['#6f8fbf', '#57779f'],
  'heat-2': ['#3f7fd0', '#4d8fd6'],
  'heat-3': ['#7a4fc0', '#9d7be8'],
  'heat-4': ['#c2417a', '#e8709f'],
  'heat-5': ['#d9480f', '#ff8f4d'],
} as const satisfies Readonly<Record<string, readonly [light: string, dark: string]>>;

export type Colour = keyof typeof COLOURS;

const FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif";

/** Properties of a rule; a colour by its name. */
type Rule = Readonly<Record<string, string>>;

const isColour = (value: string): value is Colour => Object.hasOwn(COLOURS, value);

/** The style sheet of drawings of class `scope`, whose rules are for what is inside it. */
export function styleSheet(scope: string, rules: Readonly<Record<string, Rule>>): string {
  const written = Object.entries(rules).map(([selector, rule]) => {
    const scoped = selector
      .split(',')
      .map((each) => `.${scope} ${each.trim()}`)
      .join(',');
    return `${scoped}{${Object.entries(rule).map(declared).join(';')}}`;
  });
  return [`.${scope}{font-family:${FONT}}`, ...written, themeVariables(`.${scope}`)].join('\n');
}

/** The colours as variables of what `selector` selects, for the reader's system or the theme around. */
export const themeVariables = (selector: string): string =>
  [
    `@media (prefers-color-scheme:dark){${selector}{${variables(1)}}}`,
    ...(['light', 'dark'] as const).map(
      (theme, index) =>
        `${selector}[data-theme=${theme}],[data-theme=${theme}] ${selector}{${variables(index)}}`,
    ),
  ].join('\n');

/** A colour twice: first for who knows no variables. */
function declared([property, value]: readonly [string, string]): string {
  if (!isColour(value)) return `${property}:${value}`;
  const [light] = COLOURS[value];
  return `${property}:${light};${property}:var(--drawing-${value},${light})`;
}

const variables = (theme: 0 | 1 | number): string =>
  Object.entries(COLOURS)
    .map(([name, colours]) => `--drawing-${name}:${colours[theme === 0 ? 0 : 1]}`)
    .join(';');
