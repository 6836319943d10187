console.log('nothing to install')
