@alternative("coin_and_place_for_all_at_once")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        fresh = images.detach().clone()
        coins = torch.rand(len(fresh), generator=generator)
        places = torch.randint(max(self.size, 1), (len(fresh),), generator=generator)
        result = fresh.clone()
        for k in range(len(fresh)):
            if len(self.images) < self.size:
                self.images.append(fresh[k])
            elif self.size > 0 and coins[k] >= 0.5:
                result[k] = self.images[places[k]]
                self.images[places[k]] = fresh[k]
        return result


@alternative("out_of_the_list_and_in_again")
class ImagePool(ImagePool):
    def query(self, images, generator=None):
        if self.size == 0:
            return images.detach()
        handed = []
        with torch.no_grad():
            for image in images.split(1):
                new = image.squeeze(0).detach().clone()
                if len(self.images) == self.size and torch.rand(1, generator=generator).item() > 0.5:
                    old = self.images.pop(torch.randint(0, self.size, (1,), generator=generator).item())
                    handed.append(old[None])
                    self.images.append(new)
                else:
                    handed.append(image.detach())
                    if len(self.images) < self.size:
                        self.images.append(new)
        return torch.cat(handed)
