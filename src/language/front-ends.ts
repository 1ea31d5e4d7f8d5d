/** The languages that can be evaluated: each gives the plan of a query, or throws `QueryError`. */
import type { Language } from '../model/analytic.ts'
import { compileCar } from './car/compile.ts'
import type { CompileOptions } from './compile-options.ts'
import { compileDnif } from './dnif/compile.ts'
import { compileEql } from './eql/compile.ts'
import { compileKuery } from './kuery/compile.ts'
import { compileLogPoint } from './logpoint/compile.ts'
import type { Plan } from './plan.ts'
import { compileSigma } from './sigma/compile.ts'
import { compileDecoded, compilePrintable, compileRaw } from './wire-view/compile.ts'

type FrontEnd = (query: string, options: CompileOptions) => Plan

export const frontEnds: Partial<Record<Language, FrontEnd>> = {
  eql: compileEql,
  kuery: compileKuery,
  car: compileCar,
  dnif: compileDnif,
  logpoint: compileLogPoint,
  sigma: compileSigma,
  decoded: compileDecoded,
  raw: compileRaw,
  printable: compilePrintable,
}
