/** What the build makes: style sheets are imported for their effect only. */
declare module 'virtual:drawings.css';
