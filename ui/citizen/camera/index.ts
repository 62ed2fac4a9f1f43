export { CameraPicture, CameraView, useCamera } from './camera.tsx';
