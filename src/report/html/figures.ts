/**
 * Pictures of additions.
 * @module
 */
import type { Figure } from '../addition.ts';
import { flowFigure } from './flow-figure.ts';
import { lineFigure } from './line-figure.ts';
import type { Html } from './markup.ts';
import { networkFigure } from './network-figure.ts';

/** The picture; null where it would show nothing. */
export function figureHtml(figure: Figure): Html | null {
  if (figure.kind === 'flows') return flowFigure(figure);
  return figure.kind === 'network' ? networkFigure(figure) : lineFigure(figure);
}
