import skyline from '../assets/skyline.svg';

/** The city's own buildings, on the ground line of a night sky. Decoration: the contrast themes leave it out. */
export function Skyline() {
  return <img className="skyline" src={skyline} alt="" draggable={false} />;
}
