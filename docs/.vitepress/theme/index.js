// VitePress's own theme, with colours that can be read.
import theme from 'vitepress/theme';
import './contrast.css';

export default theme;
