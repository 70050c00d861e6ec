/**
 * The sections of the report, in order.
 * @module
 */
import type { Section } from './section.ts';
import { additions } from './sections/additions.ts';
import { agreement } from './sections/agreement.ts';
import { answer } from './sections/answer.ts';
import { audit } from './sections/audit.ts';
import { certainty } from './sections/certainty.ts';
import { cohorts } from './sections/cohorts.ts';
import { cover } from './sections/cover.ts';
import { influence } from './sections/influence.ts';
import { map } from './sections/map.ts';
import { method } from './sections/method.ts';
import { radiometry } from './sections/radiometry.ts';
import { recovery } from './sections/recovery.ts';
import { states } from './sections/states.ts';
import { timing } from './sections/timing.ts';
import { transitions } from './sections/transitions.ts';
import { trend } from './sections/trend.ts';
import { warnings } from './sections/warnings.ts';

export const SECTIONS: readonly Section[] = [
  answer,
  map,
  states,
  cover,
  timing,
  cohorts,
  recovery,
  transitions,
  influence,
  trend,
  certainty,
  agreement,
  audit,
  ...additions,
  warnings,
  method,
  radiometry,
];
