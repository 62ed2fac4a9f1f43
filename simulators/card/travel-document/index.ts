export { createTravelDocument, type TravelOptions } from './document.ts';
export { samplePhoto } from './sample-photo.ts';
