/** Settings of device URIs that only the device may see. */
const SECRET = /([?&](?:password|passphrase|secret|key|token)=)[^&]*/gi;

/** A device URI as logs, reports and screens may show it: passwords in it are starred. */
export const shownUri = (text: string): string => text.replace(SECRET, '$1***');
