/**
 * Rows window: which rows of a long list are in sight, where an element can't be as high as the list.
 *
 * Units: pixels; rows count from 0.
 */

export type RowsList = {
  readonly rows: number;
  readonly rowHeight: number;
  /** Of the part that is in sight. */
  readonly viewHeight: number;
};

/** Browsers draw no element that is higher than some tens of millions of pixels. */
export const HEIGHT_MAX = 8_000_000;

/** Rows drawn above and below those in sight. */
const MARGIN_ROWS = 4;

const fullHeight = ({ rows, rowHeight }: RowsList): number => rows * rowHeight;

/** Of the element that is scrolled. */
export const scrolledHeight = (list: RowsList): number => Math.min(HEIGHT_MAX, fullHeight(list));

/** Pixels of the list for each pixel scrolled; 1 unless the list is too high. */
function stretch(list: RowsList): number {
  const scrolled = scrolledHeight(list) - list.viewHeight;
  return scrolled <= 0 ? 1 : (fullHeight(list) - list.viewHeight) / scrolled;
}

export type RowsWindow = {
  readonly first: number;
  /** One beyond the last. */
  readonly end: number;
  /** Where the first row lies in the element that is scrolled. */
  readonly top: number;
};

export function rowsWindow(list: RowsList, scrollTop: number): RowsWindow {
  const from = scrollTop * stretch(list);
  const first = Math.max(0, Math.floor(from / list.rowHeight) - MARGIN_ROWS);
  const inSight = Math.ceil(list.viewHeight / list.rowHeight) + 1 + 2 * MARGIN_ROWS;
  return {
    first,
    end: Math.min(list.rows, first + inSight),
    top: scrollTop - (from - first * list.rowHeight),
  };
}

/** Where to scroll so that a row is in sight; where one is when it is already. */
export function scrolledTo(list: RowsList, scrollTop: number, row: number): number {
  const from = scrollTop * stretch(list);
  const top = row * list.rowHeight;
  const isInSight =
    top >= from + list.rowHeight && top + 2 * list.rowHeight <= from + list.viewHeight;
  if (isInSight) return scrollTop;
  const wished = top - (list.viewHeight - list.rowHeight) / 2;
  const most = Math.max(0, fullHeight(list) - list.viewHeight);
  return Math.max(0, Math.min(most, wished)) / stretch(list);
}
