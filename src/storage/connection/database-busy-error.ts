/** Nobody got a connection in time. `code` is PostgreSQL's own for "too many connections". */
export class DatabaseBusyError extends Error {
  override readonly name = 'DatabaseBusyError';
  readonly code = '53300';
}
