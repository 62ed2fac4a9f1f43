import './citizen.css';
import './login.css';
import './night.css';
import './services.css';
import './aids.css';
import './camera.css';
import './layouts.css';
import './landscape.css';
