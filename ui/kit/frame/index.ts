export { Cornice, Facade, type FacadeProps, LoweredCity, useFocusOn } from './facade.tsx';
export { type Fit, fitOf, type Shape } from './fit.ts';
export { moveFocus } from './keyboard.ts';
export { Pages } from './pages.tsx';
export { type ShapeWish, Stage } from './stage.tsx';
