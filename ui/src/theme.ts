/** Theme: the reader's system chooses, a switch outweighs it, and the choice is kept where the browser lets it be. */
import { useEffect, useState } from 'preact/hooks';

export type Theme = 'light' | 'dark';

const KEY = 'theme';
const DARK = '(prefers-color-scheme: dark)';

/** The theme that is shown, and how to change to the other one. */
export function useTheme(): readonly [Theme, () => void] {
  const [chosen, choose] = useState<Theme | undefined>(kept);
  const [system, setSystem] = useState<Theme>(systemTheme);
  useEffect(() => {
    const query = matchMedia(DARK);
    const heard = (): void => setSystem(systemTheme());
    query.addEventListener('change', heard);
    return () => query.removeEventListener('change', heard);
  }, []);
  const theme = chosen ?? system;
  // Before anything is drawn: what is drawn on a canvas asks for the colours.
  document.documentElement.dataset.theme = theme;
  const change = (): void => {
    const other = theme === 'light' ? 'dark' : 'light';
    keep(other);
    choose(other);
  };
  return [theme, change];
}

const systemTheme = (): Theme => (matchMedia(DARK).matches ? 'dark' : 'light');

function kept(): Theme | undefined {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === 'light' || theme === 'dark' ? theme : undefined;
  } catch {
    return undefined; // a page opened from a file may have no storage
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Then it is kept as long as the page is.
  }
}
