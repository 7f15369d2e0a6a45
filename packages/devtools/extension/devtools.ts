// The page is loaded when somebody opens the panel, and only then is anything put into the inspected page.
void chrome.devtools.panels.create('Rivulet', 'icon.png', 'panel.html')
