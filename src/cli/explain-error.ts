/** Explains errors of files and the network to a person at a terminal. */

const FILE_FAULTS = new Map<string, string>([
  ['EACCES', 'may not be read or written by this user'],
  ['EEXIST', 'exists already'],
  ['EISDIR', 'is a folder: give a file'],
  ['ENOENT', 'does not exist, or its folder does not'],
  ['ENOSPC', 'cannot be written: the disk is full'],
  ['ENOTDIR', 'does not exist: part of its path is a file'],
  ['EPERM', 'may not be changed by this user'],
  ['EROFS', 'cannot be written: the file system is read-only'],
]);

const NETWORK_FAULTS = new Map<string, string>([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ECONNRESET', 'the connection was closed'],
  ['ENOTFOUND', 'the host name is not known'],
  ['ETIMEDOUT', 'no answer in time'],
]);

/**
 * The message of an error without the texts of Node and zod that name system calls and types.
 *
 * @param file the name to use instead of the one in the error.
 * @example
 * explainError(Object.assign(new Error('ENOENT: …'), { code: 'ENOENT', path: 'a.xml' })) // 'a.xml does not exist, or its folder does not'
 */
export function explainError(error: unknown, file?: string): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const path = 'path' in error && typeof error.path === 'string' ? error.path : undefined;
  const fault = FILE_FAULTS.get(code);
  const name = file ?? path;
  if (fault !== undefined && name !== undefined) return `${name} ${fault}`;
  const network = NETWORK_FAULTS.get(code);
  if (network !== undefined) return network;
  if (error.cause instanceof Error) return explainError(error.cause, file);
  if (code.startsWith('Z_')) return 'the compressed file is damaged';
  return error.message;
}
