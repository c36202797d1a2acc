/** Declares how types of columns come back. */
import type { ColumnType } from 'kysely';

export type Timestamp = ColumnType<Date, Date | string, Date | string>;
export type NullableTimestamp = ColumnType<
  Date | null,
  Date | string | null | undefined,
  Date | string | null
>;
/** `bigint`: comes back as a decimal string, so that no digit is lost. */
export type BigInteger = ColumnType<string, string | bigint | number, string | bigint | number>;
