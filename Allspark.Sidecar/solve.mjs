// `solve`: an integer program, as rows over columns, to the best choice that CP-SAT finds and the bound it proves.
import { CpSat } from 'or-tools-wasm/cp-sat';

/**
 * @param objective   coefficient of each column; the sum is minimised
 * @param largest     largest value of each column; the smallest is 0
 * @param rows        flat: the terms of row r are those from starts[r] to starts[r + 1]; a lower limit may be null
 * @param hint        a value for each column that satisfies every row
 * @param seconds     when to stop; null for the end of the search
 * @returns values    of all columns, null where none were found in time; `bound` likewise
 */
export async function run({ objective, largest, rows, hint, seed = 0, seconds = null }) {
  const every = objective.map((_, column) => column);
  const model = await CpSat.createModel({
    variables: largest.map((value) => ({ domain: [0, value] })),
    constraints: rows.upper.map((upper, row) => linear(rows, row, largest, upper)),
    objective: { vars: every, coeffs: objective },
    solutionHint: { vars: every, values: hint },
  });
  const solved = await CpSat.solve(model, parameters(seed, seconds));
  // Out of time before the search began, there is no response at all.
  const response = solved.response ?? { status: 'UNKNOWN' };
  const found = response.status === 'OPTIMAL' || response.status === 'FEASIBLE';
  if (!found && response.status !== 'UNKNOWN') {
    const { message } = await CpSat.validate(model);
    throw new Error(`CP-SAT calls the program ${response.status}${message ? `: ${message}` : ''}`);
  }
  return { status: response.status, values: found ? response.solution : null, bound: found ? response.bestObjectiveBound : null };
}

function linear({ starts, columns, coefficients, lower }, row, largest, upper) {
  const vars = columns.slice(starts[row], starts[row + 1]);
  const coeffs = coefficients.slice(starts[row], starts[row + 1]);
  const least = lower[row] ?? vars.reduce((sum, column, term) => sum + Math.min(0, coeffs[term] * largest[column]), 0);
  return { linear: { vars, coeffs, domain: [least, upper] } };
}

// The linear relaxation of a flow formulation is nearly exact: put all rows into it and leave out the presolve, whose probing of
// rows with many columns takes longer than the whole search. One worker: the same answer every time.
const parameters = (seed, seconds) => ({
  numWorkers: 1,
  randomSeed: seed,
  linearizationLevel: 2,
  cpModelPresolve: false,
  ...(seconds === null ? {} : { maxTimeInSeconds: seconds }),
});
