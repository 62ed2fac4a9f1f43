/** Settings of device URIs that only the device may see; a word may stand before them, as in `card-pin`. */
const SECRET =
  /([?&](?:[a-z0-9_.-]*[_.-])?(?:password|passphrase|passwd|pass|pwd|pin|secret|key|token)=)[^&#]*/gi;
/** What stands between the scheme and the host of an address, with its `@`. */
const USER = /(\/\/)[^/?#]*@/g;

/** A device URI as logs, reports and screens may show it: users and passwords in it are starred. */
export const shownUri = (text: string): string => text.replace(USER, '$1***@').replace(SECRET, '$1***');
