/**
 * Pictures of additions.
 * @module
 */
import type { Figure } from '../addition.ts';
import { flowFigure } from './flow-figure.ts';
import { lineFigure } from './line-figure.ts';
import type { Html } from './markup.ts';
import { networkFigure } from './network-figure.ts';
import { scatterFigure } from './scatter-figure.ts';

/** The picture; null where it would show nothing. */
export function figureHtml(figure: Figure): Html | null {
  if (figure.kind === 'flows') return flowFigure(figure);
  if (figure.kind === 'network') return networkFigure(figure);
  return figure.kind === 'scatter' ? scatterFigure(figure) : lineFigure(figure);
}
