"""The ways out of the house: sites, repositories, hubs, images and links, and what is looked at before."""
