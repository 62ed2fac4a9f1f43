import './citizen.css';
import './night.css';
import './layouts.css';
import './landscape.css';
