/** The document lives in the contracts: the fleet server renders the same receipt for the phone. */
export type { PaperBlock, PaperDocument } from '@jolly/contracts/receipt';
