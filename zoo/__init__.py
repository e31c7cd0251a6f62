"""The presets that come with wgan_keras, one folder each; `wgan_keras.list_presets()` names them."""
