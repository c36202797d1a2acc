/** A request that is understood and refused, with a stable code that clients may branch on. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** Further members of the problem document, such as who decided. Never content or personal data. */
  readonly members: Readonly<Record<string, unknown>>;
  readonly code: RefusalCode;

  constructor(code: RefusalCode, detail: string, members: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.code = code;
    this.members = members;
  }
}

export type RefusalCode =
  | 'not_found'
  | 'forbidden'
  | 'post_closed'
  | 'duplicate'
  | 'flood'
  | 'parent_not_found'
  | 'proof_of_work_required'
  | 'already_decided'
  | 'version_conflict'
  | 'not_undoable'
  | 'reason_required'
  | 'idempotency_key_reused'
  | 'training_running'
  | 'gate_unmet'
  | 'model_not_usable'
  | 'conflict'
  | 'site_required'
  | 'invalid_value'
  | 'address_refused'
  | 'wrong_password'
  | 'too_many_failures'
  | 'too_many_listeners'
  | 'invitation_over';
