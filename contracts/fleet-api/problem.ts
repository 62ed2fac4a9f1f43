import { z } from 'zod';

/** One fault of a refused body: where and what. */
export const Fault = z.object({ path: z.string(), message: z.string() });
export type Fault = z.infer<typeof Fault>;

/** RFC 9457 problem+json: every refusal of the server has this shape; `faults` is the full list. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  faults: z.array(Fault).optional(),
});
export type Problem = z.infer<typeof Problem>;

export const PROBLEM_TYPE = 'application/problem+json';
