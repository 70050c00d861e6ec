/**
 * Pictures of additions.
 * @module
 */
import type { Figure } from '../addition.ts';
import { lineFigure } from './line-figure.ts';
import type { Html } from './markup.ts';

/** The picture; null where it would show nothing. */
export function figureHtml(figure: Figure): Html | null {
  return lineFigure(figure);
}
