/**
 * The one error class of mine-rs.
 * @module
 */
import { redactData, redactUrls } from './url.ts';

/** What went wrong, by kind; each kind has one exit code (see {@link exitCodeOf}). */
export type ErrorCode =
  /** A flag, a config key or a value of one is wrong. */
  | 'USAGE'
  /** A file the user named, or a scene, is missing, unreadable or not what it should be. */
  | 'BAD_INPUT'
  /** The output folder cannot be used. */
  | 'OUTPUT'
  /** The machine does not give what the work needs, such as open files. No input is to blame. */
  | 'RESOURCES'
  /** The run was interrupted by a signal. */
  | 'INTERRUPTED'
  /** A defect of mine-rs. */
  | 'INTERNAL';

const EXIT_CODES: Record<ErrorCode, number> = {
  USAGE: 2,
  BAD_INPUT: 3,
  OUTPUT: 3,
  RESOURCES: 3,
  INTERRUPTED: 130,
  INTERNAL: 1,
};

/**
 * An error with a message for the user: what is wrong, in which file, and what to do.
 *
 * Only plain data in `details`, so that it survives the way from a worker to the main thread (see {@link toPlainError}).
 * Secrets in URLs are taken out of both.
 */
export class MineRsError extends Error {
  override readonly name = 'MineRsError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(redactUrls(message));
    this.code = code;
    this.details = redactData(details);
  }
}

/** The process exit code for an error: 1 for anything that is not a {@link MineRsError}. */
export function exitCodeOf(error: unknown): number {
  return error instanceof MineRsError ? EXIT_CODES[error.code] : 1;
}

/**
 * An error that keeps its code, its own or the system's, across a worker's boundary: a thrown error loses its class and own properties there, a
 * plain-object `cause` does not.
 */
export function toPlainError(error: unknown): Error {
  if (error instanceof MineRsError) {
    return new Error(error.message, { cause: { code: error.code, details: { ...error.details } } });
  }
  if (!(error instanceof Error)) return new Error(String(error));
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? error : new Error(error.message, { cause: { system: code } });
}

/** The inverse of {@link toPlainError}: a {@link MineRsError} again, or an error of the system with its `code`. */
export function fromPlainError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof MineRsError) return error;
  const cause = error.cause as { code?: ErrorCode; details?: Record<string, unknown>; system?: string } | undefined;
  if (cause?.system !== undefined) return Object.assign(new Error(error.message), { code: cause.system });
  if (cause?.code === undefined || !(cause.code in EXIT_CODES)) return error;
  return new MineRsError(cause.code, error.message, cause.details ?? {});
}

/** An error that says that the process has too many files open; undefined for any other error. */
export function tooManyFiles(error: unknown): MineRsError | undefined {
  const isOne = ['EMFILE', 'ENFILE'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
  return isOne ? tooManyFilesError() : undefined;
}

/** What is said where the process has too many files open. */
export function tooManyFilesError(): MineRsError {
  const advice = 'raise the limit with ulimit -n, or run with fewer --workers';
  return new MineRsError('RESOURCES', `Too many open files: ${advice}`);
}

/** The message of anything thrown, without secrets in URLs. */
export function messageOf(error: unknown): string {
  return redactUrls(error instanceof Error ? error.message : String(error));
}
