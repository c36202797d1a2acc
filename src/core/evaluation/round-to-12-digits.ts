/**
 * A figure without the digits that depend on the engine: to twelve significant digits. Node 20 and Node 24 fitted the
 * starter's scales from the same rows to numbers that differed in the last of 17.
 *
 * @example
 * steadyFigure(0.11256959832727188) // 0.112569598327
 */
export function steadyFigure(figure: number): number {
  return Number(figure.toPrecision(12));
}
