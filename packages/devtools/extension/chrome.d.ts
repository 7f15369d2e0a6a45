// Here and not in tsconfig.json, so that the names are there for whichever program includes this folder.
/// <reference types="chrome" />
