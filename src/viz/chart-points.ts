/** Chart points: places in a drawing, in pixels from its upper left corner. */

export type Point = { readonly x: number; readonly y: number };
